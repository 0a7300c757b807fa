/** The colours of a page: each text on each ground that it stands on has a contrast of 4.5 at least, each mark 3. */
export interface Palette {
  ground: string
  panel: string
  text: string
  muted: string
  line: string
  link: string
  /** Marks of charts. */
  good: string
  flawed: string
  bad: string
  none: string
  lag: string
  /** Texts on their own grounds. */
  goodText: string
  goodGround: string
  warnText: string
  warnGround: string
  badText: string
  badGround: string
  unknownText: string
  unknownGround: string
}

export const light: Palette = {
  ...{ ground: '#f4f6f8', panel: '#ffffff', text: '#17202b', muted: '#525e6c', line: '#d6dce3', link: '#0a57a4' },
  ...{ good: '#1f9254', flawed: '#b06f00', bad: '#cc2f26', none: '#838f9c', lag: '#2367b0' },
  ...{ goodText: '#0f5132', goodGround: '#dff3e6', warnText: '#674300', warnGround: '#fdf0cf' },
  ...{ badText: '#8a1c15', badGround: '#fde4e1', unknownText: '#384559', unknownGround: '#e4e9f1' },
}

export const dark: Palette = {
  ...{ ground: '#10151b', panel: '#182029', text: '#e7ecf1', muted: '#a3afbc', line: '#313c48', link: '#84bdf7' },
  ...{ good: '#3fb673', flawed: '#d99a2b', bad: '#f0665c', none: '#76828f', lag: '#69a8ec' },
  ...{ goodText: '#a4e3bf', goodGround: '#163626', warnText: '#f3d08a', warnGround: '#3b2d0d' },
  ...{ badText: '#ffb9b2', badGround: '#451a17', unknownText: '#c6d0de', unknownGround: '#2a3442' },
}

/** What stands on what, and the least contrast (WCAG 2.2, level AA: 4.5 for text, 3 for marks). */
export const contrasts: readonly (readonly [mark: keyof Palette, ground: keyof Palette, least: number])[] = [
  ...(['text', 'muted', 'link'] as const).flatMap((mark) => [[mark, 'ground', 4.5] as const, [mark, 'panel', 4.5] as const]),
  ...(['good', 'flawed', 'bad', 'none', 'lag'] as const).map((mark) => [mark, 'panel', 3] as const),
  ...[['goodText', 'goodGround', 4.5] as const, ['warnText', 'warnGround', 4.5] as const],
  ...[['badText', 'badGround', 4.5] as const, ['unknownText', 'unknownGround', 4.5] as const],
]

/** The palette as CSS variables: `--goodText: #0f5132;`. */
export function cssVariables(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, color]) => `--${name}:${color};`)
    .join('')
}
