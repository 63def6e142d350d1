using Gateway.Sandbox.Text;

namespace Gateway.Sandbox.Tests.Text;

public class MessageFactsTests
{
    [Theory]
    [InlineData("What is the weather in New York?", "place", "New York")]
    [InlineData("On Monday I go to Oslo", "place", "Oslo")]
    [InlineData("Fly from Berlin to Oslo", "from", "Berlin")]
    [InlineData("Search for \"a red boat\" please", "query", "a red boat")]
    [InlineData("tell me more", "query", "tell me more")]
    public void TakeText_IsWhatTheMessageNames(string message, string parameter, string text) =>
        Assert.Equal(text, new MessageFacts(message).TakeText(parameter, _ => true));

    [Fact]
    public void Take_GivesEachOnce()
    {
        var facts = new MessageFacts("add 2 and -3.5 in Oslo or Bergen, gpt4");

        Assert.Equal((2m, -3.5m, null), (facts.TakeNumber(_ => true), facts.TakeNumber(_ => true), facts.TakeNumber(_ => true)));
        Assert.Equal(("Bergen", "Oslo"), (facts.TakeText("a", text => text.Length < 9), facts.TakeText("b", text => text.Length < 9)));
        Assert.Null(facts.TakeText("c", text => text.Length < 9));
    }
}
