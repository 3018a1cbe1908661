import { describe, expect, it } from 'vitest'
import { type TrayEntry, trayTemplate, trayToolTip } from '../../../src-main/shell/tray-menu'

const nothing = () => {}
const running: TrayEntry = {
  name: 'shop',
  address: 'localhost:9092',
  problem: null,
  lag: 1204,
  open: nothing,
  start: nothing,
  stop: nothing,
}
const labels = (entry: TrayEntry) => trayTemplate([entry], nothing).flatMap(({ label }) => label ?? [])

describe('the tray', () => {
  it('says where a broker runs and how far its groups are behind', () => {
    expect(labels(running)).toEqual(['shop', 'Running on localhost:9092', 'Total lag 1,204', 'Stop', 'Quit Ottla'])
  })

  it('offers to start one that was stopped', () => {
    expect(labels({ ...running, address: null })).toEqual(['shop', 'Stopped', 'Start', 'Quit Ottla'])
  })

  it('says why one stopped by itself', () => {
    const crashed = { ...running, address: null, problem: 'out of memory' }
    expect(labels(crashed)).toEqual(['shop', 'Stopped: out of memory', 'Start Again', 'Quit Ottla'])
    expect(trayToolTip([running, crashed])).toBe('shop: Running on localhost:9092\nshop: Stopped: out of memory')
  })
})
