import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

// Prints what is wrong with each value by its schema: null, or the validator's words.
const ajv = addFormats(new Ajv({ strict: false }));
const check = ({ schema, value }) => (ajv.validate(schema, value) ? null : ajv.errorsText());
console.log(JSON.stringify(JSON.parse(process.argv[2]).map(check)));
