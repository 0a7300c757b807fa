import { expect, test } from 'vitest'
import { Failure } from '../../../../functions/platform/failure.ts'
import { SampleLines } from '../../../../functions/platform/k6/sample-lines.ts'

const header = 'metric_name,timestamp,metric_value,expected_response,scenario,status,extra_tags,metadata\n'
const output = `${header}http_reqs,1795743750460,1.000000,true,a_entries,200,,
http_req_duration,1795743750460,6.439274,true,a_entries,200,,
http_req_failed,1795743750460,0.000000,true,a_entries,200,,
http_req_duration,1795743751000,10000.5,false,a_daily,0,,
vus,1795743751001,4.000000,,,,,
http_req_duration,17957437`

const samples = [
  { scenario: 'a_entries', atMs: 1_795_743_750_460, durationMs: 6.439274, good: true },
  { scenario: 'a_daily', atMs: 1_795_743_751_000, durationMs: 10_000.5, good: false },
]

test('a request is one of many lines, and a line that was cut off is none', () => {
  expect(new SampleLines().read(output)).toEqual(samples)
})

test('it does not matter where the parts of the output end', () => {
  const lines = new SampleLines()
  expect([...output].flatMap((character) => lines.read(character))).toEqual(samples)
})

test.each([
  ['no header', 'hello\n'],
  ['a missing column', header.replace('scenario,', '')],
  ['a line without a scenario', `${header}http_req_duration,1795743750460,6.4,true,,200,,\n`],
  ['a line without a number', `${header}http_req_duration,1795743750460,fast,true,a,200,,\n`],
])('%s is refused', (_, text) => {
  expect(() => new SampleLines().read(text)).toThrow(Failure)
})
