/** Sentences of pages that most people never go to: they come with those pages. */
import knowledge from './knowledge.json';
import search from './search.json';

export default { ...knowledge, ...search };
