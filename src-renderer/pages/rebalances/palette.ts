import type { Phase } from './history'

/** Colours of the page that the canvas uses: read once per theme, not per frame. */
export interface Palette {
  readonly paper: string
  readonly ink: string
  readonly quiet: string
  readonly hairline: string
  readonly accent: string
  readonly bad: string
  readonly waiting: string
  readonly hues: readonly string[]
  /** Hatches by phase and colour: phases differ by more than colour. */
  readonly hatch: (phase: Phase, color: string) => CanvasPattern | string
}

export function paletteOf(element: Element, scale: number): Palette {
  const style = getComputedStyle(element)
  const color = (name: string) => style.getPropertyValue(name).trim()
  const made = new Map<string, CanvasPattern | string>()
  return {
    paper: color('--paper'),
    ink: color('--ink'),
    quiet: color('--quiet'),
    hairline: color('--hairline'),
    accent: color('--accent'),
    bad: color('--bad'),
    waiting: color('--waiting'),
    hues: Array.from({ length: 8 }, (_, i) => color(`--hue-${i}`)),
    hatch(phase, ink) {
      const key = `${phase} ${ink}`
      let pattern = made.get(key)
      if (pattern === undefined) {
        pattern = tile(phase, ink, scale) ?? ink
        made.set(key, pattern)
      }
      return pattern
    },
  }
}

/** In CSS pixels. */
export const tileSize = 6

function tile(phase: Phase, ink: string, scale: number): CanvasPattern | null {
  const canvas = document.createElement('canvas')
  const size = Math.round(tileSize * scale)
  canvas.width = size
  canvas.height = size
  const context = canvas.getContext('2d')
  if (!context) return null
  context.fillStyle = ink
  context.strokeStyle = ink
  context.globalAlpha = phase === 'joining' ? 0.3 : 0.14
  context.fillRect(0, 0, size, size)
  context.globalAlpha = 1
  context.lineWidth = Math.max(1, scale * 1.3)
  if (phase === 'joining') {
    // Diagonals: they must meet across the edges of the tile.
    for (const shift of [-size, 0, size]) {
      context.beginPath()
      context.moveTo(shift, size)
      context.lineTo(shift + size, 0)
      context.stroke()
    }
  } else if (phase === 'waiting') {
    context.beginPath()
    context.arc(size / 2, size / 2, size * 0.17, 0, Math.PI * 2)
    context.fill()
  } else {
    context.fillRect(Math.round(size / 2), 0, Math.max(1, Math.round(scale * 1.6)), size)
  }
  return context.createPattern(canvas, 'repeat')
}
