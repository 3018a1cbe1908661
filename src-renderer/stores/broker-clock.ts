import { useEffect, useRef, useState } from 'react'

const tickMs = 500

/** The broker's clock as far as the newest picture tells it, in ms; goes on by itself while `isRunning`. */
export function useBrokerClock(at: number | null, isRunning: boolean): number {
  const [, tick] = useState(0)
  const heard = useRef({ at: at ?? Date.now(), here: performance.now() })
  if (at !== null && at !== heard.current.at) heard.current = { at, here: performance.now() }
  useEffect(() => {
    if (!isRunning) return
    const timer = setInterval(() => tick((before) => before + 1), tickMs)
    return () => clearInterval(timer)
  }, [isRunning])
  return heard.current.at + performance.now() - heard.current.here
}
