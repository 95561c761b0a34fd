// fhirclient asks for this package only where `globalThis.crypto` is missing, which no supported browser or Node is.
module.exports = globalThis.crypto;
