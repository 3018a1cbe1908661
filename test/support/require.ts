import { it, type TestFunction } from 'vitest'

/** What a test needs of the machine: there, or absent for a reason. */
export type Requirement = { readonly missing?: undefined } | { readonly missing: string }

/**
 * A test that needs something of the machine, such as a client in another language. Where it is absent, the test is skipped
 * and its name says why; with OTTLA_REQUIRE_ALL=1, as in .ci/run, it fails instead.
 */
export function itNeeds(
  requirements: readonly Requirement[],
  name: string,
  test: TestFunction,
  timeoutMs?: number,
): void {
  const missing = requirements.flatMap((requirement) => requirement.missing ?? [])
  if (missing.length === 0) {
    it(name, test, timeoutMs)
  } else if (process.env.OTTLA_REQUIRE_ALL === '1') {
    it(name, () => {
      throw new Error(`required, and absent: ${missing.join('; ')}`)
    })
  } else {
    it.skip(`${name} (${missing.join('; ')})`, test)
  }
}
