/// Tests over the project's own sources: module and package arrows, size limits, conventions, and the layout tables
/// against the code. Each rule is a function over parsed sources, so that its test can also show it a bad sample.
package hearth.tidy;
