import { readFileSync } from 'node:fs'
import type { MachineEnd } from '../booted-systemd.ts'
import { type CommandBlock, readRunbook } from './runbook-text.ts'

/** Runs commands where a block says: on the operator's machine, or on the node with that address. */
export interface Places {
  onMachine(script: string, input: string): Promise<MachineEnd>
  onNode(address: string, script: string, input: string): Promise<MachineEnd>
}

/** How the commands of a heading are to end, and what is typed into them. */
export interface Following {
  /** Of its blocks, in their order; 0 where there is none. */
  exitCodes?: readonly number[]
  input?: string
}

/** A runbook that is followed step by step: its very text is what runs. */
export class Runbook {
  readonly #blocks: readonly CommandBlock[]
  readonly #settings: string
  readonly #variables: Readonly<Record<string, string>>
  readonly #places: Places
  readonly #leftOut = new Set<CommandBlock>()
  readonly #followed = new Set<CommandBlock>()

  /** @param values what the variables of the document mean here: each of them, and no others. */
  constructor(name: string, values: Readonly<Record<string, string>>, places: Places) {
    const path = new URL(`../../../docs/runbooks/${name}.md`, import.meta.url)
    const { variables, blocks } = readRunbook(readFileSync(path, 'utf8'))
    const [wanted, given] = [variables, values].map((of) => Object.keys(of).sort().join(' '))
    if (wanted !== given) throw new Error(`${name}.md sets ${wanted}, and here is ${given}`)
    this.#blocks = blocks
    this.#variables = values
    this.#settings = Object.entries(values)
      .map(([key, value]) => `${key}='${value}'\n`)
      .join('')
    this.#places = places
  }

  /** Runs the blocks below a heading, and returns what they said. */
  async follow(heading: string, { exitCodes = [], input = '' }: Following = {}): Promise<string> {
    let said = ''
    for (const [index, block] of this.#toRun(heading).entries()) {
      const { code, stdout, stderr } = await this.#run(block, input)
      if (code !== (exitCodes[index] ?? 0))
        throw new Error(`exit code ${code} of line ${block.line}: ${block.commands}\n${stdout}${stderr}`)
      said += stdout + stderr
      this.#followed.add(block)
    }
    return said
  }

  /** Says why the blocks below a heading are not run, or that one of them which has the words. */
  leaveOut(heading: string, reason: string, words = ''): void {
    if (reason.length < 30) throw new Error('that is no reason')
    const blocks = this.#below(heading).filter(({ commands }) => commands.includes(words))
    if (blocks.length === 0) throw new Error(`no command below "${heading}" has "${words}"`)
    for (const block of blocks) this.#leftOut.add(block)
  }

  /** Says which other file of integration tests follows the blocks below a heading, on what this one has not. */
  followedIn(heading: string, file: string): void {
    const text = readFileSync(new URL(`../../integration/${file}`, import.meta.url), 'utf8')
    if (!text.includes(`follow('${heading}'`)) throw new Error(`${file} does not follow "${heading}"`)
    this.leaveOut(heading, `${file} follows it, on another node`)
  }

  /** Blocks that were neither run nor left out for a reason. */
  get untouched(): string[] {
    const blocks = this.#blocks.filter((block) => !this.#followed.has(block) && !this.#leftOut.has(block))
    return blocks.map(({ heading, line, commands }) => `${heading}, line ${line}: ${commands}`)
  }

  #below(heading: string): CommandBlock[] {
    const blocks = this.#blocks.filter((block) => block.heading === heading)
    if (blocks.length === 0) throw new Error(`there is no command below "${heading}"`)
    return blocks
  }

  #toRun(heading: string): CommandBlock[] {
    return this.#below(heading).filter((block) => !this.#leftOut.has(block))
  }

  async #run({ place, commands }: CommandBlock, input: string): Promise<MachineEnd> {
    const script = `set -euo pipefail\n${this.#settings}${commands}\n`
    if (place === 'your machine') return await this.#places.onMachine(script, input)
    const address = this.#variables[place]
    if (address === undefined) throw new Error(`the document does not say what $${place} is`)
    return await this.#places.onNode(address, script, input)
  }
}
