import { drawAxis, drawHead, drawLanes } from './draw'
import { type Palette, paletteOf } from './palette'
import { type EpochWord, lineBefore, nameOf, type Scene, type Window } from './scene'

export type Look = Omit<Scene, 'scrollTop' | 'height' | 'nowAt'>

export interface Sight {
  readonly look: Look
  readonly spanMs: number
  /** The right edge; `null` is now. */
  readonly endAt: number | null
  readonly word: EpochWord
}

export interface Canvases {
  /** Scrolls the lanes. */
  readonly scroller: HTMLElement
  /** Size of the visible part. */
  readonly stage: HTMLElement
  readonly lanes: HTMLCanvasElement
  readonly head: HTMLCanvasElement
  /** The name of the column at the left edge: it stays there while the head is moved. */
  readonly firstName: HTMLElement
  readonly axis: HTMLCanvasElement
}

export const headHeight = 26
const axisHeight = 22
/** How far the drawing reaches beyond now, at most. */
const leadMs = 1000
const leadPixels = 240
const still = matchMedia('(prefers-reduced-motion: reduce)')

/**
 * Draws lanes, head and axis when something changed. While now is the right edge they are drawn a little further, and moved to the left as
 * time goes on: a transform that the compositor runs by itself, with no layout and no drawing, until that little is used up.
 */
export class Painter {
  readonly #canvases: Canvases
  readonly #sizes: ResizeObserver
  #sight: Sight
  #width = 0
  #height = 0
  // Measured here: measuring while drawing would force a layout.
  #scrollTop = 0
  #drawn: { readonly scene: Scene; readonly window: Window; readonly at: number } | null = null
  #isDirty = true
  #usedUpAt = Number.POSITIVE_INFINITY
  #palette: { readonly theme: string | undefined; readonly scale: number; readonly palette: Palette } | null = null
  #motions: Animation[] = []
  #handle = 0
  /** Called after each drawing. */
  drawn: () => void = () => {}

  constructor(canvases: Canvases, sight: Sight) {
    this.#canvases = canvases
    this.#sight = sight
    const { stage, scroller } = canvases
    this.#sizes = new ResizeObserver((entries) => {
      for (const { target, contentRect } of entries) {
        if (target === stage) this.#width = contentRect.width
        else this.#height = contentRect.height
      }
      this.#isDirty = true
    })
    this.#sizes.observe(stage)
    this.#sizes.observe(scroller)
    const next = () => {
      this.#handle = requestAnimationFrame(next)
      if (this.#isDirty || Date.now() >= this.#usedUpAt) this.#paint()
    }
    next()
  }

  see(sight: Sight): void {
    this.#sight = sight
    this.#isDirty = true
  }

  scrolled(top: number): void {
    this.#scrollTop = top
    this.#isDirty = true
  }

  /** What the canvas shows now. */
  present(): { readonly scene: Scene; readonly window: Window } | null {
    if (!this.#drawn) return null
    const { scene, window, at } = this.#drawn
    const { spanMs, endAt } = this.#sight
    if (endAt !== null || still.matches) return { scene, window }
    const passed = Math.min(Date.now(), this.#usedUpAt) - at
    const fromAt = window.fromAt + passed
    const width = this.#width
    return { scene: { ...scene, nowAt: fromAt + spanMs }, window: { fromAt, toAt: fromAt + spanMs, width } }
  }

  dispose(): void {
    cancelAnimationFrame(this.#handle)
    this.#sizes.disconnect()
  }

  #paint(): void {
    const { stage, lanes, head, axis } = this.#canvases
    const { look, spanMs, endAt, word } = this.#sight
    if (this.#width === 0) return
    const now = Date.now()
    const lead = endAt === null && !still.matches ? Math.min(leadMs, (leadPixels / this.#width) * spanMs) : 0
    const width = this.#width * (1 + lead / spanMs)
    const fromAt = (endAt ?? now) - spanMs
    const window = { fromAt, toAt: fromAt + spanMs + lead, width }
    const scene = { ...look, scrollTop: this.#scrollTop, height: this.#height, nowAt: now + lead }
    const palette = this.#paletteNow()
    stage.style.height = `${this.#height}px`
    drawLanes(contextOf(lanes, width, this.#height), scene, window, palette)
    drawHead(contextOf(head, width, headHeight), scene, window, palette, word, headHeight, this.#width)
    this.#nameFirst(scene, fromAt)
    drawAxis(contextOf(axis, width, axisHeight), window, palette, axisHeight)
    this.#drawn = { scene, window, at: now }
    this.#isDirty = false
    this.#usedUpAt = endAt === null ? now + (lead || leadMs) : Number.POSITIVE_INFINITY
    this.#move(width - this.#width, lead)
    this.drawn()
  }

  #nameFirst({ lines, selected, isDimmed }: Scene, fromAt: number): void {
    const { firstName } = this.#canvases
    const line = lineBefore(lines, fromAt)
    firstName.textContent = line ? nameOf(line, this.#sight.word) : ''
    firstName.toggleAttribute('data-selected', line !== undefined && line.seq === selected)
    firstName.toggleAttribute('data-dimmed', line !== undefined && isDimmed(line))
  }

  #move(pixels: number, ms: number): void {
    for (const motion of this.#motions) motion.cancel()
    const { lanes, head, axis } = this.#canvases
    const frames = [{ transform: 'translateX(0)' }, { transform: `translateX(${-pixels}px)` }]
    this.#motions =
      ms === 0 ? [] : [lanes, head, axis].map((part) => part.animate(frames, { duration: ms, fill: 'forwards' }))
  }

  #paletteNow(): Palette {
    const { theme } = document.documentElement.dataset
    const scale = devicePixelRatio
    if (this.#palette?.theme !== theme || this.#palette?.scale !== scale) {
      this.#palette = { theme, scale, palette: paletteOf(this.#canvases.stage, scale) }
    }
    return this.#palette.palette
  }
}

/** The context of a canvas, which is made as large as it is shown. */
function contextOf(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const scale = devicePixelRatio
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale)
    canvas.height = Math.round(height * scale)
    canvas.style.width = `${width}px`
    canvas.style.height = `${height}px`
  }
  const context = canvas.getContext('2d')
  if (!context) throw new Error('this browser draws nothing')
  context.setTransform(scale, 0, 0, scale, 0, 0)
  return context
}
