package hearth.cf;

/// A request together with who asks: what one encoded request message holds.
public record CfCall(Caller caller, CfRequest request) {}
