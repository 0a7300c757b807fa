import { expect, test } from 'vitest'
import { parseWhen } from '../../../config/index.ts'
import { scheduleExpression } from '../../../serverless/schedule-expression.ts'

test.each([
  ['every 1 minute', 'cron(* * * * ? *)'],
  ['every 15 minutes', 'cron(0,15,30,45 * * * ? *)'],
  ['every 6 hours', 'cron(0 0,6,12,18 * * ? *)'],
  ['daily at 03:00', 'cron(0 3 * * ? *)'],
  ['weekly on sunday at 05:00', 'cron(0 5 ? * SUN *)'],
  ['monthly on 1 at 04:00', 'cron(0 4 1 * ? *)'],
  ['quarterly on 15 at 02:00', 'cron(0 2 15 1,4,7,10 ? *)'],
  ['30 6 * * 1-5', 'cron(30 6 ? * MON,TUE,WED,THU,FRI *)'],
])('%s is %s', (text, expression) => {
  const parsed = parseWhen(text)
  expect('value' in parsed && scheduleExpression(parsed.value)).toBe(expression)
})
