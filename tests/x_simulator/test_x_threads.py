"""Others' clients post, read and delete threads in the simulated X."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xdk.schemas import CreatePostsRequest

from x_simulator.clients import tweepy_session, xdk_session

if TYPE_CHECKING:
    from x_simulator.simulator import XSimulator

TEXTS = ("One.", "Two <b> & three: https://example.com/a", "Four")


def test_a_thread_that_tweepy_posts_is_stored_in_order(x: XSimulator) -> None:
    """Each post replies to the one before, all in one conversation, with a request each."""
    account = x.account()
    with tweepy_session(x, account) as client:
        parent = None
        for text in TEXTS:
            parent = client.create_tweet(text=text, in_reply_to_tweet_id=parent).data["id"]
    posts = x.posts(account)
    assert [post.text for post in posts] == list(TEXTS)
    assert [post.parent for post in posts] == [None, posts[0].id, posts[1].id]
    assert {post.conversation_id for post in posts} == {posts[0].id}
    assert x.counts == {"POST /2/tweets": 3}


def test_a_thread_that_xs_own_sdk_posts_is_read_back_and_deleted_by_it(x: XSimulator) -> None:
    """X's own SDK finds what it expects, and the addresses in the entities."""
    account = x.account()
    with xdk_session(x, account) as client:
        parent: str | None = None
        for text in TEXTS:
            reply = None if parent is None else {"in_reply_to_tweet_id": parent}
            body = CreatePostsRequest.model_validate({"text": text, "reply": reply})
            parent = client.posts.create(body).data.id
        fields = ["conversation_id", "entities", "referenced_posts"]
        page = next(client.users.get_posts(account.user_id, max_results=5, post_fields=fields))
        assert client.users.get_me().data.username == account.handle
        assert client.posts.delete(parent).data.deleted
    four, three, _ = page.data
    assert four.referenced_posts[0].id == three.id
    assert three.conversation_id == x.posts(account)[0].id
    assert three.text.startswith("Two &lt;b&gt; &amp; three: https://t.co/")
    assert three.entities.urls[0].expanded_url == "https://example.com/a"
    assert [post.text for post in x.posts(account)] == list(TEXTS[:2])
