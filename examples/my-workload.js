/**
 * An example of a scenario of your own: a search in a catalogue, answered with an HTML page of the ten best products.
 *
 *   npx fourways run -s ./examples/my-workload.js
 *   npx fourways run -s ./examples/my-workload.js:products=2000 -m cluster,worker-threads
 *
 * A process of its own imports this file, to tell what the requests are and to check the replies; every worker imports it to
 * make the handler. At run time it may import `node:` modules only.
 */

const WORDS = ['brass', 'desk', 'floor', 'glass', 'green', 'lamp', 'oak', 'reading', 'shade', 'small', 'wall'];
const QUERY = 'small green lamp & shade';
const SHOWN = 10;

/**
 * The data: made up, and the same in every process. A real service would bring its own.
 * @param {number} count
 */
function catalogue(count) {
  return Array.from({ length: count }, (_, id) => {
    const words = [1, 3, 7, 13].map((factor) => WORDS[(id * factor) % WORDS.length] ?? '');
    return { id, words, cents: 1900 + ((id * 137) % 8000) };
  });
}

/** @typedef {ReturnType<typeof catalogue>} Products */

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * The work itself: look at every product, and render the best. Handler, check and calibration all call this function.
 * @param {Products} products
 * @param {string} query
 */
function searchPage(products, query) {
  const wanted = new Set(query.split(' '));
  const scored = products.map((product) => ({
    product,
    score: product.words.reduce((sum, word) => sum + (wanted.has(word) ? 1 : 0), 0),
  }));
  scored.sort((a, b) => b.score - a.score || a.product.cents - b.product.cents);
  const items = scored.slice(0, SHOWN).map(({ product: { id, words, cents } }) => {
    return `<li><a href="/products/${id}">${escaped(words.join(' '))}</a> ${(cents / 100).toFixed(2)}</li>`;
  });
  return `<!doctype html>\n<title>${escaped(query)}</title>\n<ol>\n${items.join('\n')}\n</ol>\n`;
}

/** @type {import('fourways').Scenario<'products'>} */
const scenario = {
  // One line that says what it is.
  summary: 'search a catalogue, and render the best products as HTML',

  // Numbers that can be set on the command line: -s ./examples/my-workload.js:products=2000
  parameters: {
    products: { summary: 'products in the catalogue', default: 10_000, min: SHOWN, max: 1_000_000, integer: true },
  },

  // As charts and reports call it.
  inWords: ({ products }) => `a search in ${products} products`,

  // What is sent. With several classes, those with a larger weight are sent more often.
  requests: () => [{ name: 'search', weight: 1, method: 'GET', path: `/search?q=${encodeURIComponent(QUERY)}` }],

  // Called once in every worker. What is prepared here is no part of a request; what the inner function does is.
  createHandler: ({ parameters }) => {
    const products = catalogue(parameters.products);
    const headers = { 'content-type': 'text/html; charset=utf-8' };
    return ({ query }) => ({ status: 200, headers, body: searchPage(products, query.get('q') ?? '') });
  },

  // Called with real replies before and after every trial. Returns what is wrong, or undefined when all is right.
  // Without it a fast error page would look like a fast model.
  verify: ({ text }, { parameters }) =>
    text === searchPage(catalogue(parameters.products), QUERY) ? undefined : 'the page is not the right one',

  // The CPU work of one request, without a server around it. It is timed once per run and gives the physical limit,
  // CPUs ÷ CPU time of a request. Leave it out when requests mostly wait.
  kernel: {
    prepare: ({ products: count }) => {
      const products = catalogue(count);
      return (iterations) => {
        let length = 0;
        for (let i = 0; i < iterations; i++) length += searchPage(products, QUERY).length;
        return length; // Returned, so that no compiler can leave the work out.
      };
    },
  },
};

export default scenario;
