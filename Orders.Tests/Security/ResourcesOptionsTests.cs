using Microsoft.Extensions.Configuration;
using Orders.Api.Security;
using Orders.Application;

namespace Orders.Tests.Security;

internal sealed class ResourcesOptionsTests
{
    [TestCase("too-short-for-a-key-of-anything", "32 characters")]
    [TestCase("a key with blanks in it is no bearer's", "can't carry")]
    [TestCase("ein-schlüssel-mit-einem-umlaut-darin", "can't carry")]
    public void A_key_that_is_no_good_is_refused(string key, string reason) =>
        Assert.That(() => ResourcesOptions.From(Configuration([new("Lakebase:ResourcesKey", key)])), Throws.TypeOf<StartupException>().With.Message.Contains(reason));

    [TestCase(null)]
    [TestCase("")]
    public void Without_a_key_nobody_has_it(string? key) => Assert.That(ResourcesOptions.From(Configuration([new("Lakebase:ResourcesKey", key)])), Is.Null);

    [Test]
    public void A_service_without_Lakebase_refuses_a_key() => Assert.That(
        () => Program.BuildApi(["--ConnectionStrings:Orders=Host=127.0.0.1", $"--Lakebase:ResourcesKey={new string('k', 40)}"]),
        Throws.TypeOf<StartupException>().With.Message.Contains("Lakebase__Endpoint"));

    private static IConfiguration Configuration(IEnumerable<KeyValuePair<string, string?>> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
}
