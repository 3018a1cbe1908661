import type { Handlers } from '../../contract/server'
import type { ComparisonSource } from '../source/comparison'

/**
 * How a comparison travels: a page opens the feed with two sides, and both are read at the same time. Rows of topics, groups and subjects
 * follow as soon as both sides have them; what one side does not tell follows as a sentence. The feed ends with the comparison; when it is
 * closed before, the clients are closed too.
 */
export function comparisonHandlers(source: ComparisonSource): Pick<Handlers, 'comparison'> {
  return {
    comparison({ a, b }, outlet) {
      const stop = new AbortController()
      source
        .compare(a, b, (item) => outlet.push(item), stop.signal)
        .then(
          () => outlet.end(),
          (error: unknown) => outlet.fail(error),
        )
      return () => stop.abort()
    },
  }
}
