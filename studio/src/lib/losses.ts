/** What a translation could not say, in words: the sentence for a loss. */
import type { Sentence } from '../i18n';
import type { Loss } from './chat';

const EXACT: Record<string, Sentence> = {
  'max_output.default': 'play.loss.limit',
  'message.role': 'play.loss.role',
  'message.name': 'play.loss.name',
  'message.empty': 'play.loss.empty',
  'text.blank': 'play.loss.empty',
  'system.position': 'play.loss.position',
  'output.schema': 'play.loss.schema',
  'output.strict': 'play.loss.strict',
  'output.name': 'play.loss.schemaname',
  'output.description': 'play.loss.schemaname',
  'output.json': 'play.loss.json',
  'reasoning.effort': 'play.loss.effort',
  'reasoning.unavailable': 'play.loss.noreasoning',
  'reasoning.off': 'play.loss.noreasoning',
  'reasoning.signature': 'play.loss.signature',
  'reasoning.unsigned': 'play.loss.unsigned',
  'image.detail': 'play.loss.detail',
  'temperature.range': 'play.loss.range',
  'top_p.with_temperature': 'play.loss.topp',
  'tool_call.arguments': 'play.loss.arguments',
  'text.citations': 'play.loss.citations',
};
/** By the first step of the code. */
const FAMILY: Record<string, Sentence> = {
  part: 'play.loss.part',
  tool: 'play.loss.tool',
  tool_result: 'play.loss.result',
  document: 'play.loss.document',
  image: 'play.loss.part',
};

/** Where there is no better sentence: what was set is not told to the model. */
export const lossSentence = (loss: Loss): Sentence =>
  EXACT[loss.code] ?? FAMILY[loss.code.split('.')[0] ?? ''] ?? 'play.loss.other';

const SEVERITY: Record<string, Sentence> = {
  cosmetic: 'play.severity.cosmetic',
  degraded: 'play.severity.degraded',
  meaning: 'play.severity.meaning',
};
export const severitySentence = (loss: Loss): Sentence => SEVERITY[loss.severity] ?? 'play.severity.degraded';

const ORDER = ['meaning', 'degraded', 'cosmetic'];

/** The gravest first. */
export const byGravity = (losses: readonly Loss[]): Loss[] =>
  losses.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));

/** Whether any of them may have changed the answer. */
export const grave = (losses: readonly Loss[]): boolean =>
  losses.some((each) => each.severity !== 'cosmetic');
