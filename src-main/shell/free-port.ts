import { createServer } from 'node:net'

/** The first port from `port` on that is free on both loopback addresses; undefined when none of the next hundred is. */
export async function nextFreePort(port: number): Promise<number | undefined> {
  for (let candidate = port; candidate <= Math.min(port + 100, 65_535); candidate++) {
    if ((await isFree(candidate, '127.0.0.1')) && (await isFree(candidate, '::1'))) return candidate
  }
  return undefined
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    // A machine without IPv6 has nothing on that address.
    probe.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'EADDRINUSE' && error.code !== 'EACCES'),
    )
    probe.listen({ host, port }, () => probe.close(() => resolve(true)))
  })
}
