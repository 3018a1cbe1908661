import fc from 'fast-check'

/** A part of a whole, from 0 to 1, all as likely. `fc.double` is no such thing: nearly all of its values are next to 0. */
export const part = fc.nat(1000).map((thousandths) => thousandths / 1000)
