import { useState } from 'react'

/**
 * The most members that the group has had while a question is open: 0 says that it does not fence. Members that were removed are gone for a
 * moment and join again, so what the question has said of them holds until it is answered.
 */
export function useMostMembers(members: number): number {
  const [most, setMost] = useState(members)
  if (members > most) setMost(members)
  return Math.max(members, most)
}
