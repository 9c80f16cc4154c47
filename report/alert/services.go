package alert

import (
	"context"
	"errors"
	"strings"
)

// What each service makes of plain text decides what must be escaped: a log line that says "<!channel>" or "@everyone" must
// call nobody, and a link in it must not look like one of ours.

func plain(m *Message) any {
	return struct {
		Host   string `json:"host"`
		Title  string `json:"title"`
		Folded int    `json:"folded,omitempty"`
		Change any    `json:"change"`
	}{m.Host, m.Title(), m.Folded, m.Change}
}

// slack takes "mrkdwn", in which only &, < and > begin anything that acts.
// https://docs.slack.dev/messaging/formatting-message-text
func slack(m *Message) any {
	text := m.Title() + "\n" + strings.Join(m.Lines(), "\n")
	text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(shorten(text, 3000))
	return map[string]any{"text": text, "mrkdwn": false, "unfurl_links": false, "unfurl_media": false}
}

// discord calls people by "@everyone" unless told that none may be called; a content has at most 2,000 characters.
// https://discord.com/developers/docs/resources/message#allowed-mentions-object
func discord(m *Message) any {
	text := shorten(m.Title()+"\n"+strings.Join(m.Lines(), "\n"), 1800)
	return map[string]any{
		"content":          "```\n" + strings.ReplaceAll(text, "```", "'''") + "\n```",
		"allowed_mentions": map[string]any{"parse": []string{}},
	}
}

// teams takes an Adaptive Card; a RichTextBlock shows its text runs as they are, a TextBlock would read Markdown.
// https://adaptivecards.io/explorer/RichTextBlock.html
func teams(m *Message) any {
	run := func(text string, bold bool) map[string]any {
		weight := "default"
		if bold {
			weight = "bolder"
		}
		return map[string]any{
			"type":    "RichTextBlock",
			"inlines": []any{map[string]any{"type": "TextRun", "text": shorten(text, 2000), "weight": weight}},
		}
	}
	body := []any{run(m.Title(), true)}
	for _, l := range m.Lines() {
		body = append(body, run(l, false))
	}
	return map[string]any{"type": "message", "attachments": []any{map[string]any{
		"contentType": "application/vnd.microsoft.card.adaptive",
		"content": map[string]any{
			"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4", "body": body,
		},
	}}}
}

// telegramAPI is where bots of Telegram write to.
var telegramAPI = "https://api.telegram.org"

// newTelegram writes plain text: without parse_mode nothing in it acts.
// https://core.telegram.org/bots/api#sendmessage
func newTelegram(rest string) (*Target, error) {
	token, chat, ok := strings.Cut(rest, "@")
	if !ok || chat == "" || !strings.Contains(token, ":") || strings.ContainsAny(token, "/?# ") {
		return nil, errors.New("telegram: wants telegram:TOKEN@CHAT, the token of a bot and the number of a chat")
	}
	return &Target{Name: "telegram chat " + chat, send: func(ctx context.Context, m *Message) error {
		return post(ctx, telegramAPI+"/bot"+token+"/sendMessage", map[string]any{
			"chat_id": chat, "text": shorten(m.Title()+"\n"+strings.Join(m.Lines(), "\n"), 4000), "disable_web_page_preview": true,
		})
	}}, nil
}

// newNtfy publishes as JSON, to the root of the server: titles in headers could not hold every character.
// https://docs.ntfy.sh/publish/#publish-as-json
func newNtfy(address string) (*Target, error) {
	u, err := hook(address)
	if err != nil {
		return nil, err
	}
	topic := strings.Trim(u.Path, "/")
	if topic == "" || strings.Contains(topic, "/") {
		return nil, errors.New("ntfy wants ntfy+https://SERVER/TOPIC")
	}
	u.Path = "/"
	server := u.String()
	return &Target{Name: "ntfy topic " + topic + " on " + u.Host, send: func(ctx context.Context, m *Message) error {
		priority := 4
		if m.Kind == "closed" || m.Kind == "withdrawn" {
			priority = 2
		}
		return post(ctx, server, map[string]any{
			"topic": topic, "title": shorten(m.Title(), 240), "message": shorten(strings.Join(m.Lines(), "\n"), 3800), "priority": priority,
		})
	}}, nil
}
