import { describe, expect, it } from 'vitest'
import { trafficData } from '../../../src-renderer/pages/home/traffic-data'

const point = (at: number, inRecords: number) => ({ at, inRecords, inBytes: 0, outBytes: 7, requests: 0 })

describe('the chart of the traffic', () => {
  it('is two minutes wide from the start, also before a cluster has told anything', () => {
    expect(trafficData([], 1_000_000)).toEqual([
      [880, 1000],
      [null, null],
      [null, null],
    ])
  })

  it('begins with nothing, and drops points that are older', () => {
    const points = [point(999_000, 1), point(1_000_000, 2)]
    expect(trafficData(points)).toEqual([
      [880, 999, 1000],
      [null, 1, 2],
      [null, 7, 7],
    ])
    expect(trafficData([point(800_000, 9), ...points])).toEqual(trafficData(points))
  })
})
