/** Takes a listener and returns the function that removes it. */
export type Listen<T> = (listener: (value: T) => void) => () => void

/** One kind of event with its listeners. A listener that throws does not keep the others from hearing. */
export class Emitter<T> {
  #listeners = new Set<(value: T) => void>()
  #onError: (error: unknown) => void

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  readonly listen: Listen<T> = (listener) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value)
      } catch (error) {
        this.#onError(error)
      }
    }
  }

  /** Lets a hot path skip building an event that nobody hears. */
  get heard(): boolean {
    return this.#listeners.size > 0
  }
}
