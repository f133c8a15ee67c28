/// The verbs that talk to a running host, over its HTTP API and nothing else. Holds no state.
package hearth.cli;
