import type { RiskTexts } from './texts.ts'

const tests = (count: number): string => (count === 1 ? '1 test' : `${count} tests`)

export const risksInEnglish: RiskTexts = {
  failedTest: (test) => `${test}: the test failed.`,
  missedGoal: (goal) => `${goal}: the goal was missed.`,
  unprovenGoal: (goal) => `${goal}: the goal is not proven.`,
  notTested: (tests) => `Not tested: ${tests}. How the cluster behaves there is not known.`,
  testedInPart: (test) => `${test}: tested in part only; what is missing is named above.`,
  laterAttempt: (test) => `${test}: it passed, but a later attempt came to no result.`,
  thinMargin: (goal) => `${goal}: met with less than 10 % to spare; a little more load or data may miss it.`,
  sandbox: (count, of) =>
    `${tests(count)} of ${of} ran on a sandbox, on one machine together with the load. They prove the procedures and the software, not the capacity and the network of the client's machines.`,
  uncommitted: (count) => `${tests(count)} ran with a definition that was not committed as it was, or in no repository.`,
  imageFailed: (image) => `Image ${image}: checks of it failed.`,
  imageUntested: (image) => `Image ${image}: it was never tested.`,
  imageOutdated: (image) => `Image ${image}: it was baked from another definition than this one.`,
  noBackup: (database) => `Database ${database}: the store has no backup of it.`,
  unprovenBackup: (database) => `Database ${database}: no backup of it was ever proven by a restore.`,
  differentBackup: (database) => `Database ${database}: a restore of its backup was not equal to what was backed up.`,
}
