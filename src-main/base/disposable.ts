/** A thing with a lifetime. After `dispose()` it holds no timer, handle or listener; disposing twice is harmless. */
export interface Disposable {
  dispose(): void
}

/** Collects what must end together; the newest ends first. */
export class Disposables implements Disposable {
  #ends: (() => void)[] = []
  #disposed = false

  /** Registers an ending and returns the thing itself. After disposal the thing ends at once. */
  add<T extends Disposable | (() => void)>(thing: T): T {
    const ending: Disposable | (() => void) = thing
    const end = typeof ending === 'function' ? ending : () => ending.dispose()
    if (this.#disposed) end()
    else this.#ends.push(end)
    return thing
  }

  dispose(): void {
    this.#disposed = true
    const errors: unknown[] = []
    for (let end = this.#ends.pop(); end; end = this.#ends.pop()) {
      try {
        end()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'some parts did not end cleanly')
  }
}
