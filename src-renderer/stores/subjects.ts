import { useFolded } from './feed'
import { type Subjects, withChange } from './subject-list'

/** As many as have come: of a long list the first ones are there at once. `null` until then. */
export function useSubjects(): Subjects | null {
  return useFolded('schemas', undefined, withChange).value
}

/** All of them; `null` until they have come. */
export function useAllSubjects(): Subjects | null {
  const subjects = useSubjects()
  return subjects?.isComplete ? subjects : null
}
