import { createServer, type Server } from 'node:net'

/** Takes a port on 127.0.0.1 that nothing else uses, and holds it until the returned function is called. */
export async function takePort(): Promise<{ readonly port: number; release(): Promise<void> }> {
  const server = await new Promise<Server>((resolve, reject) => {
    const taken = createServer()
    taken.once('error', reject)
    taken.listen(0, '127.0.0.1', () => resolve(taken))
  })
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no port was bound')
  return {
    port: address.port,
    release: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
