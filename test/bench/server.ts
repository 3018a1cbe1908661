/**
 * The server alone, with a broker that answers everything: what framing, order and writing cost.
 * Run: `vite-node`-free, by Node itself, on the bundle: `npm run bench -- server`.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { systemClock } from '../../src-main/base/clock'
import { silentLog } from '../../src-main/base/log'
import type { Broker } from '../../src-main/broker/serve'
import { defaultLimits } from '../../src-main/server/limits'
import { Server } from '../../src-main/server/server'

const answer = Buffer.alloc(40)

/** Answers all requests of a turn together, as the group commit does. */
function createEcho(answerBytes: Uint8Array): Broker {
  let waiting: (() => void)[] = []
  const commit = () => {
    const all = waiting
    waiting = []
    for (const resolve of all) resolve()
  }
  return {
    opened() {},
    closed() {},
    frameLimit: () => Number.POSITIVE_INFINITY,
    unreadable() {},
    refused() {},
    admits: () => 0,
    serve() {
      const response = new Promise<Uint8Array[]>((resolve) => {
        if (waiting.length === 0) setImmediate(commit)
        waiting.push(() => resolve([answerBytes]))
      })
      return { response, pipelined: true }
    },
  }
}

async function main(): Promise<void> {
  const large = Buffer.alloc(1_000_000)
  for (const [name, requestBytes, answerBytes, count, inFlight] of [
    ['produce 1 MB', 1_000_000, answer, 3000, 5],
    ['produce 16 KiB', 16_384, answer, 100_000, 5],
    ['fetch 1 MB', 60, large, 3000, 2],
    ['one at a time', 200, answer, 20_000, 1],
  ] as const) {
    const server = new Server({
      broker: createEcho(answerBytes),
      limits: defaultLimits,
      clock: systemClock,
      log: silentLog,
    })
    const listener = await server.listen({
      name: 'PLAINTEXT',
      securityProtocol: 'PLAINTEXT',
      hosts: ['127.0.0.1'],
      port: 0,
    })
    const port = listener.addresses[0]!.port
    const cpu = process.cpuUsage()
    const worker = new Worker(__filename, {
      workerData: { port, requestBytes, answerBytes: answerBytes.length, count, inFlight },
    })
    const [result] = (await once(worker, 'message')) as [{ seconds: number; p50: number; p99: number }]
    const used = process.cpuUsage(cpu)
    const megabytes = (count * Math.max(requestBytes, answerBytes.length)) / 1e6
    console.log(
      `${name.padEnd(16)} ${Math.round(count / result.seconds)}/s ${Math.round(megabytes / result.seconds)} MB/s ` +
        `p50 ${result.p50.toFixed(3)} ms p99 ${result.p99.toFixed(3)} ms cpu ${((used.user + used.system) / 1e6 / result.seconds).toFixed(2)} ` +
        `rss ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
    )
    await server.stop()
  }
}

interface Load {
  readonly port: number
  readonly requestBytes: number
  readonly answerBytes: number
  readonly count: number
  readonly inFlight: number
}

async function client(load: Load): Promise<{ seconds: number; p50: number; p99: number }> {
  const socket: Socket = connect(load.port, '127.0.0.1')
  socket.setNoDelay(true)
  await once(socket, 'connect')
  const request = Buffer.alloc(4 + load.requestBytes)
  request.writeInt32BE(load.requestBytes)
  const sentAt: number[] = []
  const times: number[] = []
  let receivedBytes = 0
  const send = () => {
    sentAt.push(performance.now())
    socket.write(request)
  }
  const start = performance.now()
  for (let i = 0; i < load.inFlight; i++) send()
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      receivedBytes += chunk.length
      while (receivedBytes >= (times.length + 1) * (4 + load.answerBytes)) {
        times.push(performance.now() - sentAt[times.length]!)
        if (sentAt.length < load.count) send()
        if (times.length === load.count) resolve()
      }
    })
  })
  const seconds = (performance.now() - start) / 1000
  socket.destroy()
  times.sort((a, b) => a - b)
  return { seconds, p50: times[Math.floor(times.length / 2)]!, p99: times[Math.floor(times.length * 0.99)]! }
}

if (isMainThread) void main()
else {
  const { parentPort } = require('node:worker_threads') as typeof import('node:worker_threads')
  void client(workerData as Load).then((result) => parentPort!.postMessage(result))
}
