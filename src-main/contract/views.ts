/** A query and columns of the message list under a name: what the address of the page holds after its `?`. */
export interface SavedView {
  readonly name: string
  readonly query: string
  /** The topic opens with it. */
  readonly isDefault: boolean
}
