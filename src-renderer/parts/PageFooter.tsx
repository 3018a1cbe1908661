import { type ReactNode, useLayoutEffect, useRef } from 'react'

/** The height of the footer that is shown. `app.module.css` places notices above it. */
const heightVariable = '--page-footer'

/** What stays at the end of a page: its figures and buttons. Notices are shown above it. A page has at most one. */
export function PageFooter({ className, children }: { readonly className?: string; readonly children: ReactNode }) {
  const footer = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const box = footer.current
    if (!box) return
    const { style } = document.documentElement
    const measure = () => style.setProperty(heightVariable, `${box.offsetHeight}px`)
    measure()
    const sizes = new ResizeObserver(measure)
    sizes.observe(box)
    return () => {
      sizes.disconnect()
      style.removeProperty(heightVariable)
    }
  }, [])
  return (
    <div ref={footer} className={className}>
      {children}
    </div>
  )
}
