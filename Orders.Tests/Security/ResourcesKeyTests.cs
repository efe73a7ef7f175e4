using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Orders.Api.Security;
using Orders.Application;

namespace Orders.Tests.Security;

internal sealed class ResourcesKeyTests
{
    [TestCase("too-short-for-a-key-of-anything", "32 characters")]
    [TestCase("a key with blanks in it is no bearer's", "can't carry")]
    [TestCase("ein-schlüssel-mit-einem-umlaut-darin", "can't carry")]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "repeats itself")]
    [TestCase("abcdabcdabcdabcdabcdabcdabcdabcdabcd", "repeats itself")]
    [TestCase("abcdefghijklmnopqrstuvwxyz0123456789", "repeats itself")]
    [TestCase("passwordpasswordpasswordpassword", "repeats itself")]
    public void A_key_that_is_no_good_is_refused(string key, string reason) =>
        Assert.That(() => ResourcesKey.From(Configuration([new("Lakebase:ResourcesKey", key)])), Throws.TypeOf<StartupException>().With.Message.Contains(reason));

    /// <summary>As <c>openssl rand</c> makes them, in Base64 and in hexadecimal.</summary>
    [Test]
    public void A_random_key_is_taken()
    {
        for (int attempt = 0; attempt < 1000; attempt++)
        {
            byte[] random = RandomNumberGenerator.GetBytes(24);
            Assert.That(ResourcesKey.From(Configuration([new("Lakebase:ResourcesKey", Convert.ToBase64String(random))])), Is.Not.Null);
            Assert.That(ResourcesKey.From(Configuration([new("Lakebase:ResourcesKey", Convert.ToHexString(random))])), Is.Not.Null);
        }
    }

    [TestCase(null)]
    [TestCase("")]
    public void Without_a_key_nobody_has_it(string? key) => Assert.That(ResourcesKey.From(Configuration([new("Lakebase:ResourcesKey", key)])), Is.Null);

    [Test]
    public void A_service_without_Lakebase_refuses_a_key() => Assert.That(
        () => Program.BuildApi(["--ConnectionStrings:Orders=Host=127.0.0.1", "--Lakebase:ResourcesKey=a-key-of-more-than-thirty-two-characters", "--Orders:AnonymousAccess=Read"]),
        Throws.TypeOf<StartupException>().With.Message.Contains("Lakebase__Endpoint"));

    private static IConfiguration Configuration(IEnumerable<KeyValuePair<string, string?>> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
}
