import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prettyXml } from '../../../src-renderer/pages/messages/xml'

describe('XML with line breaks', () => {
  it('indents elements, and keeps those with text on their line', () => {
    const text =
      '<?xml version="1.0"?><!DOCTYPE a [<!ELEMENT a ANY>]><a x="1 > 0"><!-- <b> --><b id=\'2\'/><c>two <i>words</i> <i>here</i></c>' +
      '<d><![CDATA[<raw>]]></d><e><f/><g></g></e></a>'
    expect(prettyXml(text)).toBe(
      [
        '<?xml version="1.0"?>',
        '<!DOCTYPE a [<!ELEMENT a ANY>]>',
        '<a x="1 > 0">',
        '  <!-- <b> -->',
        "  <b id='2'/>",
        '  <c>two <i>words</i> <i>here</i></c>',
        '  <d><![CDATA[<raw>]]></d>',
        '  <e>',
        '    <f/>',
        '    <g></g>',
        '  </e>',
        '</a>',
      ].join('\n'),
    )
  })

  it.each([
    ['text', 'a < b'],
    ['JSON', '{"a":"<b>"}'],
    ['an element without its end', '<a><b></a>'],
    ['ends in the wrong order', '<a><b></a></b>'],
    ['a comment without its end', '<a><!-- </a>'],
    ['text beside the element', '<a/> b'],
    ['a comment alone', '<!-- a -->'],
    ['an end too many', '<a/></b>'],
  ])('leaves %s as it is', (_, text) => expect(prettyXml(text)).toBeUndefined())

  it('of a text whose end is missing shows what is there', () => {
    expect(prettyXml('<a><b>1</b><c', true)).toBe('<a>\n  <b>1</b>\n  <c')
  })

  it('only white space between elements is changed', () => {
    const name = fc.constantFrom('a', 'b')
    const words = fc.constantFrom('x', ' y ', '  ', '\n')
    const { element } = fc.letrec((tie) => ({
      element: fc
        .tuple(name, fc.array(fc.oneof({ maxDepth: 4 }, words, tie('element')), { maxLength: 4 }))
        .map(([tag, inside]) => `<${tag}>${inside.join('')}</${tag}>`),
    }))
    fc.assert(
      fc.property(element as fc.Arbitrary<string>, (text) => {
        const pretty = prettyXml(text)
        const squeezed = (xml: string | undefined) => xml?.replaceAll(/>\s+</g, '><')
        expect(squeezed(pretty)).toBe(squeezed(text))
        expect(prettyXml(pretty ?? '')).toBe(pretty)
      }),
    )
  })
})
