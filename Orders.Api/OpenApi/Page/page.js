'use strict';

// The service is the folder above this page's, also where a proxy has put both under a path that the document does not know of.
const service = new URL('..', location.href).href.replace(/\/$/, '');

// A bound of 64 bits would be shown rounded, as JavaScript reads it; the format int64 says it already.
const withoutRoundedBounds = document => JSON.parse(JSON.stringify(document), (name, value) =>
    name === 'maximum' && value > Number.MAX_SAFE_INTEGER ? undefined : value);

// The page has no field for an item of 64 bits in a list, and complains of that. A plain field does as well.
const withoutFormat = ({ format, ...schema }) => schema;
const withPlainItems = document => JSON.parse(JSON.stringify(document), (name, value) =>
    name !== 'parameters' || !Array.isArray(value) ? value : value.map(parameter => parameter.schema?.items
        ? { ...parameter, schema: { ...parameter.schema, items: withoutFormat(parameter.schema.items) } }
        : parameter));

// The page sends what is called the success, and fills in nothing where there are several.
const successAlone = ({ examples, ...holder }) => examples?.success ? { ...holder, example: examples.success.value } : holder;
const withSuccessAlone = content => Object.fromEntries(Object.entries(content).map(([type, media]) => [type, successAlone(media)]));

// Errors are listed once, above. Here an operation names its codes, which lead to their explanations. HEAD is GET without a body.
const codesOf = answer => Object.values(answer.content?.['application/problem+json']?.examples ?? {}).map(example => example.value.code);
const withErrorsOnce = document => {
    for (const operations of Object.values(document.paths)) {
        delete operations.head;
        for (const operation of Object.values(operations)) {
            const answers = Object.entries(operation.responses);
            const codes = new Set(answers.flatMap(([, answer]) => codesOf(answer)));
            operation.responses = Object.fromEntries(answers.filter(([, answer]) => codesOf(answer).length === 0)
                .map(([status, answer]) => [status, answer.content ? { ...answer, content: withSuccessAlone(answer.content) } : answer]));
            operation.parameters = (operation.parameters ?? []).map(successAlone);
            if (operation.requestBody) {
                operation.requestBody = { ...operation.requestBody, content: withSuccessAlone(operation.requestBody.content) };
            }
            const links = [...codes].map(code => `[\`${code}\`](${service}/problems/${code})`).join(', ');
            operation.description = `${operation.description.replace(`${operation.summary}. `, '')}\n\nErrors: ${links}.`;
        }
    }
    return document;
};

// Numbers digit for digit as they were answered: 164529.10 keeps its zero and a key past 2^53 its end, unless the browser is too old.
const exactNumbers = (_, value, token) => typeof value === 'number' && JSON.rawJSON ? JSON.rawJSON(token.source) : value;

const indented = json => {
    try {
        return JSON.stringify(JSON.parse(json, exactNumbers), null, 2);
    } catch {
        return null;
    }
};

const ordersPage = ({ React: { createElement } }) => ({
    statePlugins: {
        spec: {
            wrapActions: {
                updateJsonSpec: update => document =>
                    update({ ...withErrorsOnce(withPlainItems(withoutRoundedBounds(document))), servers: [{ ...document.servers[0], url: service }] }),
            },
        },
    },
    wrapComponents: {
        // Swagger's logo brings a style of its own, which the page's security policy refuses.
        Logo: () => () => null,
        responseBody: Original => props => {
            const json = /json/i.test(props.contentType) && indented(props.content);
            return json
                ? createElement('div', null,
                    createElement('h5', null, 'Response body'),
                    createElement(props.getComponent('HighlightCode', true),
                        { downloadable: true, canCopy: true, fileName: 'answer.json', language: 'json' }, json))
                : createElement(Original, props);
        },
    },
});

SwaggerUIBundle({
    dom_id: '#swagger-ui',
    urls: [
        { name: 'OpenAPI 3.1', url: `${service}/openapi/v3.1.json` },
        { name: 'OpenAPI 3.0', url: `${service}/openapi.json` },
    ],
    layout: 'StandaloneLayout',
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    plugins: [ordersPage],
    validatorUrl: null,
    tryItOutEnabled: true,
    deepLinking: true,
    displayOperationId: true,
    displayRequestDuration: true,
    showCommonExtensions: true,
    defaultModelsExpandDepth: 0,
});
