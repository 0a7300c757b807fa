import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Failure } from '../../../functions/platform/failure.ts'
import { privateDirectory } from '../../../functions/platform/process/private-directory.ts'
import { findProgram, programDirectories } from '../../../functions/platform/process/programs.ts'
import { run } from '../../../functions/platform/process/run.ts'

/** What Chromium is called, here and there. */
const names = ['chromium', 'chromium-headless-shell', 'chromium-browser', 'google-chrome-stable', 'google-chrome'] as const
const withinMs = 60_000

/** The Chromium of this machine. @throws Failure `config` where there is none. */
export async function findChromium(env: NodeJS.ProcessEnv): Promise<string> {
  const directories = await programDirectories(env)
  for (const name of names) {
    const path = await findProgram(name, directories)
    if (path !== undefined) return path
  }
  throw new Failure('there is no Chromium on this machine to print the PDF with', {
    ...{ kind: 'config', subject: 'chromium', code: 'NoChromium' },
    hint: 'Install it (Debian: apt-get install chromium) and run this again; everything but the PDF has been written.',
  })
}

/** A page to print. */
export interface Printing {
  chromium: string
  /** Absolute path of the HTML file. */
  page: string
  /** Goes into the document's properties, in place of the time of printing. */
  atMs: number
  signal: AbortSignal
}

/** Prints a page on A4, and returns the PDF. The same page gives the same bytes from the same Chromium. */
export async function printPdf({ chromium, page, atMs, signal }: Printing): Promise<Uint8Array> {
  const directory = await privateDirectory('ballast-report-')
  const pdf = join(directory.path, 'report.pdf')
  try {
    await run({
      command: chromium,
      args: [
        ...['--headless', '--disable-gpu', '--disable-crash-reporter', '--disable-background-networking', '--no-first-run'],
        // Chromium refuses its sandbox to root; the page is our own, and its policy lets it load and run nothing.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        ...[`--user-data-dir=${join(directory.path, 'profile')}`, '--no-pdf-header-footer', '--generate-pdf-document-outline'],
        ...[`--print-to-pdf=${pdf}`, pathToFileURL(page).href],
      ],
      env: { PATH: '/usr/bin:/bin', HOME: directory.path, LC_ALL: 'C.UTF-8' },
      timeoutMs: withinMs,
      signal,
    })
    return reproducible(await readPdf(pdf), atMs)
  } finally {
    await directory.dispose()
  }
}

/** Chromium ends well also where it printed nothing. */
async function readPdf(path: string): Promise<Buffer> {
  const bytes = await readFile(path).catch(() => Buffer.alloc(0))
  if (bytes.subarray(0, 5).toString() === '%PDF-') return bytes
  throw new Failure('Chromium ended well and left no PDF', {
    ...{ kind: 'permanent', subject: 'chromium', code: 'NoPdf' },
    hint: 'Look for space in the directory of temporary files, and print the HTML by hand meanwhile.',
  })
}

/**
 * Takes out of a PDF what differs between two printings of the same page, and puts something as long in its place: the two times
 * of printing become the given one, and the names of the parts of its structure, which Chromium counts from where it happens to
 * be, are counted from 0 in the same order.
 */
export function reproducible(pdf: Buffer, atMs: number): Buffer {
  const digits = new Date(atMs).toISOString().replace(/\D/g, '').slice(0, 14)
  const text = pdf.toString('latin1')
  const names = new Set([...text.matchAll(/\(node(\d{8})\)/g)].map(([, name = '']) => name))
  const numbers = new Map([...names].sort().map((name, index) => [name, String(index).padStart(8, '0')]))
  const same = text
    .replace(/\/(CreationDate|ModDate) \(D:\d{14}\+00'00'\)/g, `/$1 (D:${digits}+00'00')`)
    .replace(/\(node(\d{8})\)/g, (_, name: string) => `(node${numbers.get(name)})`)
  return Buffer.from(same, 'latin1')
}
