import { type RegisterOptions, type Registration, register } from '../../src-main/registry/register'
import { type Outcome, Registry } from '../../src-main/registry/registry'
import { RegistryError, type Schema, type SchemaType, type Version } from '../../src-main/registry/schema'

/** A registry without a topic: what an operation would write is applied at once. */
export class TestRegistry {
  readonly registry = new Registry()

  run<T>({ records, answer }: Outcome<T>): T {
    for (const record of records) this.registry.state.apply(record)
    return answer
  }

  register(
    subject: string,
    text: string,
    given: Partial<Registration> = {},
    options: Partial<RegisterOptions> = {},
  ): Version {
    const registration = { ...schemaOf(text, given), id: null, version: null, ...given }
    return this.run(
      register(this.registry, subject, registration, { normalize: null, force: false, at: 1, ...options }),
    )
  }
}

export function schemaOf(text: string, given: Partial<Schema | Registration> = {}): Schema {
  const { type = 'AVRO' as SchemaType, references = [], metadata = null, ruleSet = null } = given
  return { type, text, references, metadata, ruleSet }
}

/** The code of the error that an operation ends in; 0 when it does not. */
export function codeOf(run: () => unknown): number {
  try {
    run()
    return 0
  } catch (error) {
    if (error instanceof RegistryError) return error.code
    throw error
  }
}

/** An Avro record with fields of a type each. */
export function avroRecord(fields: Record<string, unknown>, name = 'R'): string {
  const list = Object.entries(fields).map(([field, given]) =>
    typeof given === 'object' && given !== null && 'default' in given
      ? { name: field, ...given }
      : { name: field, type: given },
  )
  return JSON.stringify({ type: 'record', name, fields: list })
}
