import { useFolded } from './feed'
import { type Subjects, withChange } from './subject-list'

/** `null` until they have come. */
export function useSubjects(): Subjects | null {
  return useFolded('schemas', undefined, withChange).value
}
