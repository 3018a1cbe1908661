import { useEffect, useState } from 'react'

const tickMs = 1000

/** Renders again every second: ages grow also while nothing new comes. */
export function useTick(): void {
  const [, tick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => tick((before) => before + 1), tickMs)
    return () => clearInterval(timer)
  }, [])
}
