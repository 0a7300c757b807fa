import { createHash } from 'node:crypto'
import { type Html, html, trusted } from './html.ts'
import type { Language } from './language.ts'

/** A page that needs no other file. */
export interface PageDocument {
  language: Language
  title: string
  style: string
  /** Runs at the end of the body. */
  script?: string
  /** Of the body's element. */
  attributes?: Html
  body: Html
}

/** The whole page. Nothing may be loaded, sent or framed; of styles and scripts only the very ones that are given. */
export function pageDocument({ language, title, style, script, attributes, body }: PageDocument): string {
  const scripts = script === undefined ? '' : `script-src '${hashOf(script)}';`
  const policy = `default-src 'none';style-src '${hashOf(style)}';${scripts}base-uri 'none';form-action 'none'`
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body${attributes}>
${body}
${script === undefined ? undefined : html`<script>${trusted(script)}</script>\n`}</body>
</html>
`
  return page.text
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
