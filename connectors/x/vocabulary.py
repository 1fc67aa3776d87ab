"""Vocabulary: in which words X is asked about posts; it is changing them from tweet to post."""

from collections.abc import Mapping

#: What is told of an author, besides id, name and handle.
_OF_USERS = "protected,public_metrics"
#: By the word of the option `vocabulary`. In the newer one some things come only as expansions, and whether
#: an author is automated (`affiliation`) cannot be asked for with posts.
FIELDS: Mapping[str, Mapping[str, str]] = {
    "tweet": {
        "tweet.fields": "author_id,conversation_id,created_at,display_text_range,edit_history_tweet_ids,"
        "entities,in_reply_to_user_id,lang,note_tweet,public_metrics,referenced_tweets,reply_settings",
        "expansions": "author_id",
        "user.fields": f"affiliation,{_OF_USERS}",
    },
    "post": {
        "post.fields": "conversation_id,created_at,display_text_range,entities,lang,note_post,public_metrics,"
        "reply_settings",
        "expansions": "author_id,edit_history_post_ids,in_reply_to_user_id,referenced_posts",
        "user.fields": _OF_USERS,
    },
}
#: The same, and the words of all versions.
WITH_VERSIONS: Mapping[str, Mapping[str, str]] = {
    "tweet": {**FIELDS["tweet"], "expansions": "author_id,edit_history_tweet_ids"},
    "post": FIELDS["post"],
}
