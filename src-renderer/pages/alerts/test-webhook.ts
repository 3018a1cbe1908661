import { ask } from '../../host'
import { texts } from './texts'

/** Sends a test, and tells what came back. */
export async function testWebhook(webhook: string): Promise<{ readonly isGood: boolean; readonly text: string }> {
  try {
    const { status, tookMs, text } = await ask('alert.test', { webhook })
    const isGood = status >= 200 && status < 300
    return { isGood, text: texts.answered(status, tookMs, text.trim()) }
  } catch (error) {
    return { isGood: false, text: texts.unanswered(error instanceof Error ? error.message : String(error)) }
  }
}
