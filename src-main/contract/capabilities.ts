/** For each thing of the contract `true`, or the sentence that a page shows in its place. */
export type Can<Name extends string> = Readonly<Record<Name, true | string>>

/** Only what a cluster cannot do, each with its sentence. */
export type Cannot<Name extends string> = Readonly<Partial<Record<Name, string>>>

/** What is not named in `cannot` can be asked. */
export function capabilities<Name extends string>(names: readonly Name[], cannot: Cannot<Name>): Can<Name> {
  return Object.fromEntries(names.map((name) => [name, cannot[name] ?? true])) as Can<Name>
}
