// Stands in for tracing packages, which the tests do not need.
module.exports = {}
