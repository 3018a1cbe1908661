export interface Bounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface WindowState {
  readonly bounds: Bounds
  readonly maximized: boolean
}

export const minimumSize = { width: 720, height: 480 } as const
const preferredSize = { width: 1280, height: 800 } as const

/** How much of a window must be visible to take hold of it. */
const graspable = { width: 100, height: 40 } as const

/**
 * Where a window opens: where it was, if that is still on a display; else centred on the first one, and no larger than it.
 *
 * @param workAreas of the displays; the primary one first
 */
export function placeWindow(remembered: Bounds | undefined, workAreas: readonly Bounds[]): Bounds {
  if (remembered && workAreas.some((area) => isGraspable(remembered, area))) return remembered
  const area = workAreas[0]
  if (!area) return { x: 0, y: 0, ...preferredSize }
  const width = Math.min(preferredSize.width, area.width)
  const height = Math.min(preferredSize.height, area.height)
  return {
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
    width,
    height,
  }
}

function isGraspable(window: Bounds, area: Bounds): boolean {
  const width = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x)
  const height = Math.min(window.y + window.height, area.y + area.height) - Math.max(window.y, area.y)
  return width >= graspable.width && height >= graspable.height && window.y >= area.y
}
