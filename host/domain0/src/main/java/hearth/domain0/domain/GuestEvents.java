package hearth.domain0.domain;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import hearth.base.Clock;
import hearth.base.Event;

/// Turns the lines that a guest sends into events of its domain.
final class GuestEvents {
    private static final int LINE_LENGTH_MAX = 4096;
    private static final int FIELDS_MAX = 32;
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(?:[.-][a-z0-9]+)*");
    private static final Pattern FIELD = Pattern.compile(" ([A-Za-z0-9_-]+)=(?:\"([^\"]*)\"|([^ ]*))");

    private GuestEvents() {}

    /// `name key=value key="a value"`; a line of another form becomes the text of a `guest.said`.
    static Event parse(Clock clock, String domain, long incarnation, String line) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("domain", domain);
        fields.put("incarnation", incarnation);
        String bounded = line.length() > LINE_LENGTH_MAX ? line.substring(0, LINE_LENGTH_MAX) : line;
        int blank = bounded.indexOf(' ');
        String name = blank < 0 ? bounded : bounded.substring(0, blank);
        if (!NAME.matcher(name).matches()) {
            fields.put("text", bounded);
            return new Event(clock.wallNs(), "guest.said", fields);
        }
        Matcher field = FIELD.matcher(bounded);
        for (int at = name.length(); fields.size() < FIELDS_MAX && field.find(at); at = field.end()) {
            fields.putIfAbsent(field.group(1), field.group(2) == null ? field.group(3) : field.group(2));
        }
        return new Event(clock.wallNs(), name, fields);
    }
}
