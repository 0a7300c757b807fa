/** A step of a bake, with what it took. */
export interface BakeStep {
  name: string
  seconds: number
}

/** What a line of Packer's output says of how far it is. */
export type BakeEvent =
  /** A part of the build begins, and the one before it has ended. */
  | { type: 'begins'; name: string }
  /** The machine itself says what a step inside it took. */
  | { type: 'took'; step: BakeStep }

/** Packer's words at the turns of a build with the qemu builder. The machine's own scripts come after the uploads. */
const turns: readonly (readonly [RegExp, string])[] = [
  [/Starting VM/, 'boot'],
  [/Connected to SSH/, 'wait for cloud-init'],
  [/Uploading \S+ => /, 'upload'],
  [/Provisioning with shell script/, 'configure'],
  [/Gracefully halting|Halting the virtual machine/, 'shut down'],
]

/** Reads Packer's output line by line; most lines say nothing of interest. */
export function bakeReader(): (line: string) => BakeEvent | undefined {
  let current = ''
  return (line) => {
    const [, name, seconds] = /\bballast: ([a-z-]+) (\d+)s\s*$/.exec(line) ?? []
    if (name !== undefined) return { type: 'took', step: { name, seconds: Number(seconds) } }
    const [, turn] = turns.find(([words]) => words.test(line)) ?? []
    // Several uploads are one step, and waiting is done by a script too.
    if (turn === undefined || turn === current || (turn === 'configure' && current !== 'upload')) return undefined
    current = turn
    return { type: 'begins', name: turn }
  }
}

/** Measures steps one after another. */
export interface StepClock {
  /** Begins a step, and ends the one before it. */
  begin(name: string): void
  /** Adds what was measured elsewhere, within the step that is going on. */
  add(step: BakeStep): void
  /** Ends the last step; all of them in order. */
  finish(): BakeStep[]
}

/** A clock that tells of each step as it begins. */
export function stepClock(say: (line: string) => void, now: () => number = () => performance.now()): StepClock {
  const steps: BakeStep[] = []
  let current: { name: string; startedMs: number } | undefined
  const end = (): void => {
    if (current === undefined) return
    steps.push({ name: current.name, seconds: Math.round((now() - current.startedMs) / 100) / 10 })
    current = undefined
  }
  return {
    begin: (name) => {
      end()
      current = { name, startedMs: now() }
      say(name)
    },
    add: (step) => {
      steps.push({ ...step, name: `${current?.name ?? 'bake'}: ${step.name}` })
      say(`${step.name}: ${step.seconds} s`)
    },
    finish: () => {
      end()
      return steps
    },
  }
}
