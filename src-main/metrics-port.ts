import type { MetricsPlace } from './desk/embedded/start'
import { PagePortError, type PageServerOptions, startPageServer } from './web/page-server'

/**
 * Opens a port for metrics alone, where no pages are served: in the desktop app. A setting never keeps the broker from starting: a port that
 * cannot be had is logged, and told by the settings. `ends` gets what closes it.
 */
export async function openMetricsPort(
  options: Pick<PageServerOptions, 'port' | 'token' | 'metrics' | 'log'>,
  ends: (() => Promise<void>)[],
): Promise<MetricsPlace> {
  try {
    const server = await startPageServer({ ...options, folder: null, onPage: (socket) => socket.close() })
    ends.push(() => server.stop())
    return { url: server.metricsUrl, problem: null }
  } catch (error) {
    if (!(error instanceof PagePortError)) throw error
    const problem = `Metrics are not served: port ${options.port} ${error.reason}. Free it, or choose another port for Kafka: metrics have the port 1000 above it. Then restart the broker.`
    options.log.error(problem)
    return { url: null, problem }
  }
}
