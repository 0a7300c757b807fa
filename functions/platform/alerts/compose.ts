import { formatMinute } from '../quantities.ts'
import type { AlertEvent } from './decide.ts'
import type { AlertSettings } from './settings.ts'
import { type MessageType, texts } from './texts.ts'

/** What a channel sends, in its own form. */
export interface AlertMessage extends Omit<AlertEvent, 'type' | 'channels' | 'followsUp'> {
  type: MessageType
  cluster: string
  /** One line. */
  title: string
  /** The lines below it. */
  text: string
  runbook?: string
}

const longestTitle = 200

/** The message about an event, or a test, in the team's language. */
export function compose(
  event: Omit<AlertEvent, 'type'> & { type: MessageType },
  { cluster, language, runbooks }: Pick<AlertSettings, 'cluster' | 'language' | 'runbooks'>,
): AlertMessage {
  const { channels: _told, followsUp: _alone, ...told } = event
  const { type, severity, name, subject } = event
  const own = texts[language]
  const runbook = runbooks === undefined || type === 'test' ? undefined : runbookUrl(runbooks, name)
  const over = type === 'recovery' || type === 'forgotten'
  const label = over || type === 'test' ? own[type] : `${own[type]} (${own[severity]})`
  const lines = [
    ...(type === 'forgotten' ? [own.forgottenWhy] : []),
    event.summary,
    ...(over || event.hint === '' ? [] : ['', `${own.whatToDo}: ${event.hint}`]),
    '',
    ...timeLines(event, over, own),
    ...(runbook === undefined || over ? [] : [`${own.runbook}: ${runbook}`]),
  ]
  return {
    ...told,
    ...{ cluster, title: oneLine(`[${cluster}] ${label}: ${name} - ${subject}`), text: lines.join('\n').trim() },
    ...(runbook === undefined ? {} : { runbook }),
  }
}

function timeLines(
  { type, sinceMs, atMs }: { type: MessageType; sinceMs: number; atMs: number },
  over: boolean,
  own: (typeof texts)['en'],
): string[] {
  if (type === 'test') return []
  const seconds = (atMs - sinceMs) / 1000
  if (over) return [`${own.lasted}: ${lasting(seconds)} (${own.since.toLowerCase()} ${formatMinute(sinceMs)})`]
  return [`${own.since}: ${formatMinute(sinceMs)}${seconds >= 60 ? ` (${own.lasting} ${lasting(seconds)})` : ''}`]
}

/** `40 s`, `12 min`, `3 h 05 min`, `2 d 4 h`: the same in every language that there is. */
function lasting(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.round(seconds))} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

function runbookUrl(base: string, name: string): string {
  return `${/[/=#]$/.test(base) ? base : `${base}/`}${encodeURIComponent(name)}`
}

/** Subjects become headers and titles, which end at a line break. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  return line.length <= longestTitle ? line : `${line.slice(0, longestTitle - 3).toWellFormed()}...`
}
