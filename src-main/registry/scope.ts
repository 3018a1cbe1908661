import { type Config, defaultLevel, defaultMode, type Mode } from './settings'
import type { RegistryState } from './state'
import { defaultContext, globalContext, splitSubject } from './subject-name'

/** The scopes whose settings hold for a subject, the narrowest first; `null` is the registry itself. */
function scopesOf(subject: string | null): (string | null)[] {
  if (subject === null) return [null, `:${globalContext}:`]
  const { context } = splitSubject(subject)
  const ofContext = context === defaultContext ? [] : [`:${context}:`]
  return [...new Set([subject, ...ofContext, null, `:${globalContext}:`])]
}

/** The settings that hold for a subject, merged field by field. */
export function configInScope(state: RegistryState, subject: string | null): Config {
  const scopes = scopesOf(subject).map((scope) => state.config(scope) ?? {})
  return Object.assign({ compatibilityLevel: defaultLevel }, ...scopes.reverse()) as Config
}

/** A READONLY_OVERRIDE of all beats what subjects say. */
export function modeInScope(state: RegistryState, subject: string | null): Mode {
  const modes = scopesOf(subject).map((scope) => state.mode(scope))
  if (state.mode(null) === 'READONLY_OVERRIDE') return 'READONLY_OVERRIDE'
  return modes.find((mode) => mode !== undefined) ?? defaultMode
}
