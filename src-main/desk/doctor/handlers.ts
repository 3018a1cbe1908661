import type { ConnectionFinding } from '../../contract/connections'
import type { Handlers } from '../../contract/server'

/**
 * The doctor tries every step of the connections to the broker that the pages show, as `ottla doctor` does: a page gets what was found so
 * far, again and again, until all is tried. Nothing is written.
 */
export function doctorHandlers(examine: () => AsyncIterable<ConnectionFinding>): Pick<Handlers, 'doctor'> {
  return {
    doctor(_, outlet) {
      let isStopped = false
      const run = async () => {
        const findings: ConnectionFinding[] = []
        outlet.push({ findings: [], isDone: false })
        for await (const finding of examine()) {
          if (isStopped) return
          findings.push(finding)
          outlet.push({ findings: [...findings], isDone: false })
        }
        outlet.push({ findings, isDone: true })
      }
      run().catch(outlet.fail)
      return () => {
        isStopped = true
      }
    },
  }
}
