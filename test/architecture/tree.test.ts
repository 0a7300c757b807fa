import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { readTracked, root, writtenFiles } from './tracked-files.ts'

const maxLines = 300
const maxMedianLines = 90
/** What a file says when it is longer on purpose, in its first lines. */
const lengthReason = /biome-ignore-all lint\/style\/noExcessiveLinesPerFile: \S{3,}/

const sources = writtenFiles().filter((path) => /\.(ts|mjs|js|sh|py)$/.test(path))
const texts = writtenFiles().filter((path) => path.endsWith('.md'))

test('no source is long without a reason stated in it, and most are short', () => {
  const sizes = sources.map((path) => ({ path, lines: readTracked(path).trimEnd().split('\n').length }))
  const long = sizes.filter(({ path, lines }) => lines > maxLines && !lengthReason.test(readTracked(path).slice(0, 500)))
  const ordered = sizes.map(({ lines }) => lines).sort((a, b) => a - b)

  expect(long).toEqual([])
  expect(ordered.length).toBeGreaterThan(100)
  expect(ordered[Math.floor(ordered.length / 2)]).toBeLessThanOrEqual(maxMedianLines)
})

/** A home or a workplace of one machine. */
const ownPath = /(?<![\w.:/-])\/(?:work|root|home\/[a-z]+)\//

/** Files about what is inside an image, which has homes as every machine has. */
const aboutImages = /^(?:image-scripts|test\/images|test\/unit\/images\/seal)\//

/** Things of one machine, or of how the project came to be, that mean nothing to its readers. */
const foreign = [
  ownPath,
  /\.\.\/shared\//,
  /\bissue #?\d+\b/i,
  /\bthe lead\b/i,
  /\bcolleagues?\b/i,
  /\bsub-?agents?\b/i,
  /\b(?:claude|chatgpt|copilot|llm)\b/i,
  /\blanguage model\b/i,
  /\bTODO\b|\bFIXME\b|\bXXX\b/,
]

test.each(['/work/main/x', ' /root/x', '../shared/design.md', 'see issue 3', 'The Lead', 'TODO later'])(
  '"%s" counts as foreign',
  (text) => {
    expect(foreign.some((pattern) => pattern.test(text))).toBe(true)
  },
)

test('no file speaks of one machine or of how it was written', () => {
  const offenders = writtenFiles()
    .filter((path) => path !== 'test/architecture/tree.test.ts')
    .flatMap((path) =>
      readTracked(path)
        .split('\n')
        .flatMap((line, index) =>
          foreign.some((pattern) => pattern.test(line) && !(pattern === ownPath && aboutImages.test(path)))
            ? [`${path}:${index + 1}: ${line.trim()}`]
            : [],
        ),
    )

  expect(offenders).toEqual([])
})

/** Relative targets of links and images in Markdown, and the headings that `#fragments` may name. */
function linksOf(text: string): { target: string; fragment: string | undefined }[] {
  const prose = text.replace(/^(`{3,})[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)|<img[^>]*\ssrc="([^"]+)"/g)]
    .map(([, inline, image]) => inline ?? image ?? '')
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [target = '', fragment] = link.split('#')
      return { target, fragment }
    })
}

function headings(text: string): string[] {
  return [...text.matchAll(/^#+\s+(.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function brokenLinks(path: string): string[] {
  return linksOf(readTracked(path)).flatMap(({ target, fragment }) => {
    const file = target === '' ? path : normalize(join(dirname(path), target))
    if (!existsSync(join(root, file))) return [`${path}: ${target} does not exist`]
    if (fragment === undefined || headings(readTracked(file)).includes(fragment)) return []
    return [`${path}: ${file} has no heading #${fragment}`]
  })
}

test('links are found where there are some', () => {
  expect(linksOf('a [b](c.md) `[x](y.md)` [d](e.md#f) [g](https://h) <img alt="i" src="j.svg">')).toEqual([
    { target: 'c.md', fragment: undefined },
    { target: 'e.md', fragment: 'f' },
    { target: 'j.svg', fragment: undefined },
  ])
})

test('every link between documents leads somewhere', () => {
  expect(texts).toContain('README.md')
  expect(texts.flatMap(brokenLinks)).toEqual([])
})

test('every document that a source or a message names exists', () => {
  const named = writtenFiles()
    .filter((path) => !path.startsWith('test/'))
    .flatMap((path) =>
      [...readTracked(path).matchAll(/\bdocs\/[\w/-]+\.(?:md|sql|svg|json)\b/g)].map(([name]) => ({ path, name })),
    )

  expect(named.length).toBeGreaterThan(0)
  expect(named.filter(({ name }) => !existsSync(join(root, name)))).toEqual([])
})
